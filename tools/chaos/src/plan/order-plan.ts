import type { PlaceOrderRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import { type Random, createRandom } from '../random.ts';

/** How an order may end. */
export type Ending = 'COMPLETED' | 'FAILED' | 'CANCELLED';

/** An order that is to be placed, and what has to come of it whatever is killed meanwhile. */
export interface PlannedOrder {
  readonly request: PlaceOrderRequest;
  /** The ends that are right. */
  readonly mayEnd: readonly Ending[];
  /** How many callers send it at the same time. */
  readonly copies: number;
  /** When it is cancelled, in milliseconds after it was accepted. */
  readonly cancelAfterMs?: number;
  /** A second watcher leaves after so many events each time, and comes back. */
  readonly leaveAfter?: number;
  /** Whether its request id is also sent with another body. */
  readonly isContested: boolean;
}

/** One sort of order, and its share of all. */
interface Sort {
  readonly share: number;
  readonly mayEnd: readonly Ending[];
  readonly accountId: string;
  readonly skus: readonly string[];
  readonly carrierId?: string;
  readonly isCancelled?: boolean;
}

/** So much of it is in stock that nobody's order has to fail for want of it. */
const plenty = ['TWINE-JUTE-500'];

const sorts: readonly Sort[] = [
  { share: 70, mayEnd: ['COMPLETED'], accountId: 'bank', skus: plenty },
  {
    share: 8,
    mayEnd: ['COMPLETED', 'CANCELLED'],
    accountId: 'bank',
    skus: plenty,
    isCancelled: true,
  },
  // Too little money, sold out, an unknown carrier: what was done before has to be undone.
  { share: 6, mayEnd: ['FAILED'], accountId: 'linus', skus: ['STOVE-SPIRIT-01', 'PLANE-BLOCK-01'] },
  { share: 4, mayEnd: ['FAILED'], accountId: 'bank', skus: ['SCALE-BRASS-05'] },
  { share: 4, mayEnd: ['FAILED'], accountId: 'bank', skus: plenty, carrierId: 'pigeon' },
  // Whoever comes first has it.
  { share: 5, mayEnd: ['COMPLETED', 'FAILED'], accountId: 'bank', skus: ['BAG-SLEEP-05'] },
  { share: 3, mayEnd: ['COMPLETED', 'FAILED'], accountId: 'grace', skus: ['KNIFE-CHEF-20'] },
];

/** Plans so many orders of all sorts. */
export function planOrders({ seed, orders }: { seed: number; orders: number }): PlannedOrder[] {
  const random = createRandom(seed, 'orders');
  return Array.from({ length: orders }, (_, index) => planOrder(random, `chaos-${seed}-${index}`));
}

function planOrder(random: Random, requestId: string): PlannedOrder {
  const sort = pickSort(random);
  const quantity = 1 + random.below(3);
  return {
    request: {
      requestId,
      accountId: sort.accountId,
      lines: [{ sku: random.pick(sort.skus), quantity }],
      destination: { country: 'DE', postalCode: '10115' },
      carrierId: sort.carrierId ?? random.pick(['postal', 'swift']),
    },
    mayEnd: sort.mayEnd,
    copies: random.below(5) === 0 ? 3 : 1,
    ...(sort.isCancelled && { cancelAfterMs: random.below(150) }),
    ...(random.below(5) === 0 && { leaveAfter: 1 + random.below(3) }),
    isContested: random.below(10) === 0,
  };
}

function pickSort(random: Random): Sort {
  let drawn = random.below(sorts.reduce((sum, { share }) => sum + share, 0));
  for (const sort of sorts) {
    if (drawn < sort.share) return sort;
    drawn -= sort.share;
  }
  return sorts[0]!;
}
