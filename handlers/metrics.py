"""What Prometheus is told: requests, fired tiers, deliveries, and how the desk is at the moment of the scrape."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.messages import Health

LATENESS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0)
RECENT = 200  # tickets, of which how sure the engine was is averaged
SPEED = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Satisfies `bot.ports.Metrics`; `answered` is the web server's, `render` is what /metrics answers."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._sure: float | None = None
        ProcessCollector(registry=registry)
        self._requests = Histogram(
            "deskbell_http_request_seconds", "Requests answered, by route and status.", ("method", "route", "status"),
            buckets=SPEED, registry=registry,
        )  # fmt: skip
        self._fired = Counter("deskbell_tiers_fired", "Tiers fired.", ("tier",), registry=registry)
        self._late = Histogram(
            "deskbell_tier_lateness_seconds", "From a tier's moment until it fired.", ("tier",), buckets=LATENESS, registry=registry
        )
        self._delivered = Histogram(
            "deskbell_delivery_lateness_seconds", "From a delivery's moment to its outcome.", ("channel", "outcome"),
            buckets=LATENESS, registry=registry,
        )  # fmt: skip
        # Looking a series up by its labels costs more than counting.
        self._of_tier: dict[int, tuple[Counter, Histogram]] = {}
        self._of_outcome: dict[tuple[str, str], Histogram] = {}
        self._waiting = Gauge("deskbell_deliveries_waiting", "Notices that wait to be sent.", registry=registry)
        self._dead = Gauge("deskbell_deliveries_dead", "Notices that no channel could deliver.", registry=registry)
        self._unworked = Gauge("deskbell_inbox_unworked", "Inbound messages stored and not worked yet.", registry=registry)
        self._oldest_due = Gauge("deskbell_oldest_due_seconds", "How overdue the oldest deadline is; 0: none is.", registry=registry)
        self._oldest_waiting = Gauge("deskbell_oldest_waiting_seconds", "Age of the oldest waiting notice.", registry=registry)
        self._stuck = Gauge("deskbell_stuck", "What the last self-audit found stuck, before it healed it.", ("kind",), registry=registry)
        self._cleared = Counter("deskbell_cleared", "Tickets and orders whose personal data was removed: retention.", registry=registry)
        self._audited = Gauge("deskbell_selfcheck_age_seconds", "Since the last self-audit.", registry=registry)
        self._classified = Counter(
            "deskbell_classified", "New tickets that the engine labelled, and whether it was sure.", ("label", "unsure"), registry=registry
        )
        self._confidence = Gauge(
            "deskbell_classify_confidence",
            "How sure the engine was of late, 0 to 1; sinking: people write of something new.",
            registry=registry,
        )
        self._corrected = Counter(
            "deskbell_classify_corrected", "Labels of the engine that people looked at.", ("right",), registry=registry
        )
        self._up = Gauge("deskbell_up", "1: the desk could say how it is.", registry=registry)

    def fired(self, tier: int, late_seconds: float) -> None:
        """A tier fired, so long after its moment."""
        if tier not in self._of_tier:
            self._of_tier[tier] = (self._fired.labels(str(tier)), self._late.labels(str(tier)))
        count, late = self._of_tier[tier]
        count.inc()
        late.observe(max(0.0, late_seconds))

    def delivered(self, channel: str, outcome: str, seconds: float) -> None:
        """A delivery ended as `sent`, `later`, `dead` or `dropped`, so long after it was due."""
        if (channel, outcome) not in self._of_outcome:
            self._of_outcome[channel, outcome] = self._delivered.labels(channel, outcome)
        self._of_outcome[channel, outcome].observe(max(0.0, seconds))

    def classified(self, label: str, score: float, *, unsure: bool) -> None:
        """The engine said what a new ticket is about, and how sure it is."""
        first = self._sure is None
        self._sure = score if self._sure is None else self._sure + (score - self._sure) / RECENT
        self._classified.labels(label, "yes" if unsure else "no").inc()
        self._confidence.set(score if first else self._sure)

    def corrected(self, was: str, said: str) -> None:
        """A person said what it is about, where the engine had said something."""
        self._corrected.labels("yes" if was == said else "no").inc()

    def cleared(self, count: int) -> None:
        """So many tickets and orders hold nothing personal any more."""
        self._cleared.inc(count)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is its pattern, never its path: the number of series stays bounded."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def render(self, health: Health | None) -> bytes:
        """The exposition text; None: the desk could not be asked, and the gauges stay as they were."""
        self._up.set(0 if health is None else 1)
        if health is not None:
            self._waiting.set(health.waiting)
            self._dead.set(health.dead)
            self._unworked.set(health.unworked)
            self._oldest_due.set(max(0.0, health.oldest_due or 0.0))
            for kind, count in health.stuck.items():
                self._stuck.labels(kind).set(count)
            self._audited.set(health.audited or 0.0)
            self._oldest_waiting.set(max(0.0, health.oldest_waiting or 0.0))
        return generate_latest(self._registry)
