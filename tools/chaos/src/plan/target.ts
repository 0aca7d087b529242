import { type ServiceName, serviceNames } from '@trivium/shop';

/** A process that faults are done to; the twin is a second checkout on the store of the first. */
export type Target = ServiceName | 'checkout-twin';

/** All processes of a run, in the order in which they are listed. */
export const targetsOf = ({ twin }: { readonly twin: boolean }): readonly Target[] =>
  twin ? [...serviceNames, 'checkout-twin'] : serviceNames;
