"""All stores of one transaction."""

from __future__ import annotations

from typing import Any

from bot import stores
from storage.accounts import SqlAccounts
from storage.audit import SqlAudit
from storage.chats import SqlChats
from storage.checking import SqlChecks
from storage.custom import SqlCustom
from storage.db import Db
from storage.deadlines import SqlDeadlines
from storage.figures import SqlFigures
from storage.freezes import SqlFreezes
from storage.happenings import SqlHappenings
from storage.holds import SqlHolds
from storage.inbox import SqlInbox
from storage.jobs import SqlJobs
from storage.keeping import SqlKeeping
from storage.labels import SqlLabels
from storage.link_codes import SqlLinkCodes
from storage.merchants import SqlMerchants
from storage.messages import SqlMessages
from storage.notes import SqlNotes
from storage.orders import SqlOrders
from storage.outbox import SqlOutbox
from storage.payments import SqlCases, SqlPayments
from storage.people import SqlPeople
from storage.personal import SqlPersonal
from storage.policies import SqlPolicies
from storage.risk import SqlRisk
from storage.rota import SqlRota
from storage.statements import SqlStatements
from storage.tickets import SqlTickets
from storage.timeline import SqlTimeline
from storage.views import SqlViews
from storage.webhooks import SqlWebhooks


class SqlStores:
    """bot.stores.Stores."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.memory: dict[Any, Any] = {}
        self.merchants: stores.Merchants = SqlMerchants(db)
        self.orders: stores.Orders = SqlOrders(db)
        self.people: stores.People = SqlPeople(db)
        self.rota: stores.Rota = SqlRota(db)
        self.accounts: stores.Accounts = SqlAccounts(db)
        self.tickets: stores.Tickets = SqlTickets(db)
        self.messages: stores.Messages = SqlMessages(db)
        audit = SqlAudit(db)
        self.audit: stores.Audit = audit
        self.timeline: stores.Timeline = SqlTimeline(db, audit)
        self.deadlines: stores.Deadlines = SqlDeadlines(db)
        self.outbox: stores.Outbox = SqlOutbox(db)
        self.inbox: stores.Inbox = SqlInbox(db)
        self.happenings: stores.Happenings = SqlHappenings(db)
        self.payments: stores.Payments = SqlPayments(db)
        self.cases: stores.Cases = SqlCases(db)
        self.freezes: stores.Freezes = SqlFreezes(db)
        self.figures: stores.Figures = SqlFigures(db)
        self.webhooks: stores.Webhooks = SqlWebhooks(db)
        self.policies: stores.Policies = SqlPolicies(db)
        self.notes: stores.Notes = SqlNotes(db)
        self.holds: stores.Holds = SqlHolds(db)
        self.checks: stores.Checks = SqlChecks(db)
        self.chats: stores.Chats = SqlChats(db)
        self.link_codes: stores.LinkCodes = SqlLinkCodes(db)
        self.jobs: stores.Jobs = SqlJobs(db)
        self.labels: stores.Labels = SqlLabels(db)
        self.statements: stores.Statements = SqlStatements(db)
        self.risk: stores.Risk = SqlRisk(db)
        self.custom: stores.Custom = SqlCustom(db)
        self.views: stores.Views = SqlViews(db)
        self.personal: stores.Personal = SqlPersonal(db)
        self.keeping: stores.Keeping = SqlKeeping(db)
