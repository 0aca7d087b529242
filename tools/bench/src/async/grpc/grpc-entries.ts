import { BULLMQ, OURS } from '../durable-peers.ts';

/** The titles of the host that only answers, which the others are compared with, and of its second instance. */
export const ECHO = 'echo';
export const SECOND_ECHO = 'echo, again';
/** Such an echo without anything of ours, at either end. */
export const RAW_ECHO = 'raw grpc-js echo';

/** What a host is told over IPC; it answers with the CPU in milliseconds that it has used so far. */
export interface HostCommand {
  /** `settle` makes an end of what was handed in, before the answer. */
  readonly what: 'cpu' | 'settle';
}

/** Who is behind gRPC, by title and host, in the order in which they take turns. */
export const grpcEntries: readonly { readonly title: string; readonly host: string }[] = [
  { title: ECHO, host: ECHO },
  { title: OURS, host: OURS },
  { title: SECOND_ECHO, host: ECHO },
  { title: BULLMQ, host: BULLMQ },
  { title: RAW_ECHO, host: RAW_ECHO },
];
