import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
  RetryInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { durationFromMs } from '../duration.ts';
import type { RpcError } from './rpc-error.ts';

/** A generated message, as far as a detail needs it. */
export interface DetailType<T> {
  readonly $type: string;
  encode(message: T): BinaryWriter;
  decode(bytes: Uint8Array): T;
}

/** Packs a message into an `Any`, under `type.googleapis.com/` and its full name. */
export function packAny<T>(type: DetailType<T>, message: T): Any {
  return {
    typeUrl: `type.googleapis.com/${type.$type}`,
    value: Buffer.from(type.encode(message).finish()),
  };
}

/** The first detail of a generated type (`BadRequest`, `ErrorInfo`, …), if the error has one. */
export function findDetail<T>(error: RpcError, type: DetailType<T>): T | undefined {
  const detail = error.details.find(({ typeUrl }) => typeUrl.endsWith(`/${type.$type}`));
  try {
    return detail && type.decode(detail.value);
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with a request, field by field: `field` is a path as in `lines[0].quantity`,
 * `description` says what would be right. For `INVALID_ARGUMENT`.
 */
export function badRequest(violations: readonly { field: string; description: string }[]): Any {
  return packAny(BadRequest, BadRequest.fromPartial({ fieldViolations: [...violations] }));
}

/**
 * Which conditions do not hold: `type` names the kind (`STOCK`), `subject` what it is about
 * (`sku/MUG-1`). For `FAILED_PRECONDITION`.
 */
export function preconditionFailure(
  violations: readonly { type: string; subject: string; description: string }[],
): Any {
  return packAny(PreconditionFailure, { violations: [...violations] });
}

/**
 * The reason as programs read it: an UPPER_SNAKE_CASE `reason`, unique within its `domain`
 * (AIP-193).
 */
export function errorInfo(info: {
  reason: string;
  domain: string;
  metadata?: Readonly<Record<string, string>>;
}): Any {
  const metadata = new Map(Object.entries(info.metadata ?? {}));
  return packAny(ErrorInfo, { reason: info.reason, domain: info.domain, metadata });
}

/** Which resource the error is about. For `NOT_FOUND`, `ALREADY_EXISTS` and `PERMISSION_DENIED`. */
export function resourceInfo(info: {
  resourceType: string;
  resourceName: string;
  description: string;
}): Any {
  return packAny(ResourceInfo, { ...info, owner: '' });
}

/** How long to wait at least before trying again. For `UNAVAILABLE` and `RESOURCE_EXHAUSTED`. */
export function retryInfo(delayMs: number): Any {
  return packAny(RetryInfo, { retryDelay: durationFromMs(delayMs) });
}
