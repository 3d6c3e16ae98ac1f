// How many, and the highest tier among them.
export function loud(deliveries) {
  const tiers = deliveries.map((each) => Number(/^tier(\d)$/.exec(each.kind)?.[1] || /^sla\.tier(\d)$/.exec(each.data?.type)?.[1] || 0));
  return { count: deliveries.length, tier: Math.max(0, ...tiers) };
}
