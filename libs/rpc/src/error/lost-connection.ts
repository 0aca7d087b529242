/** What grpc-js says of a call under which its connection broke; not so of a frame it could not send. */
const LOST_CONNECTION =
  /^Received RST_STREAM with code \d+ triggered by internal client error: (?!Error sending frame)/;

/**
 * Whether a status that grpc-js reports as `INTERNAL` is a connection that broke, as when a peer
 * speaks another protocol, goes away with an error, or is gone while a call is being sent: what gRPC
 * calls `UNAVAILABLE`.
 */
export function isLostConnection(details: string): boolean {
  return LOST_CONNECTION.test(details);
}
