/** The services of the shop, in the order in which they are listed. */
export const serviceNames = [
  'catalog',
  'inventory',
  'payments',
  'shipping',
  'fulfillment',
  'checkout',
] as const;

/** The name of a service of the shop: its folder below `apps`. */
export type ServiceName = (typeof serviceNames)[number];

/** What can be started as a process of its own: a service of the shop, or the orchestrator. */
export type AppName = ServiceName | 'orchestrator';

/** The port on which each service listens unless it is told otherwise. */
export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  catalog: 50051,
  inventory: 50052,
  payments: 50053,
  shipping: 50054,
  fulfillment: 50055,
  checkout: 50056,
};
