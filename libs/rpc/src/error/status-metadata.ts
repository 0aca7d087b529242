import { Metadata } from '@grpc/grpc-js';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { Status } from '@trivium/contracts/google/rpc/status';

/** The trailer that carries a `google.rpc.Status`, by a convention that every gRPC language shares. */
const STATUS_DETAILS = 'grpc-status-details-bin';

/**
 * How large the trailer may get. Peers commonly refuse more than 8 KiB of headers, and a refused
 * trailer would hide the code and the message as well.
 */
const MAX_STATUS_BYTES = 4 * 1024;

/**
 * The trailers that carry a status's details; none for a status without details. Details that do
 * not fit into 4 KiB are left out, last ones first.
 */
export function statusMetadata(status: Status): Metadata {
  const metadata = new Metadata();
  for (let count = status.details.length; count > 0; count -= 1) {
    const bytes = Status.encode({ ...status, details: status.details.slice(0, count) }).finish();
    if (bytes.length > MAX_STATUS_BYTES) continue;
    metadata.set(STATUS_DETAILS, Buffer.from(bytes));
    break;
  }
  return metadata;
}

/**
 * The details in a failed call's trailers. None when there are none, when they cannot be decoded,
 * and when they speak of another code than the call ended with: the call's own status wins.
 */
export function detailsOf(code: number, metadata: Metadata): readonly Any[] {
  try {
    const [bytes] = metadata.get(STATUS_DETAILS);
    if (!(bytes instanceof Uint8Array)) return [];
    const status = Status.decode(bytes);
    return status.code === code ? status.details : [];
  } catch {
    return [];
  }
}
