import type { Metadata } from '@grpc/grpc-js';
import { Code, codeOf } from '../../error/code.ts';
import { RpcError } from '../../error/rpc-error.ts';
import type { CallCredentials } from './grpc-call.ts';
import type { Http2Transport } from './http2-transport.ts';

/**
 * The metadata of a call with what its credentials add, for example a token. Rejects with their
 * error's status, which is `UNAUTHENTICATED` if they have none of their own.
 */
export async function signedMetadata(
  metadata: Metadata,
  credentials: CallCredentials,
  { path, transport }: { readonly path: string; readonly transport: Http2Transport },
): Promise<Metadata> {
  const service = path.slice(0, path.lastIndexOf('/'));
  const serviceUrl = `https://${transport.authority}${service}`;
  const signed = metadata.clone();
  try {
    signed.merge(
      await credentials.generateMetadata({ method_name: path, service_url: serviceUrl }),
    );
  } catch (cause) {
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
    const ownCode = typeof code === 'number' ? codeOf(code) : Code.UNAUTHENTICATED;
    throw new RpcError(ownCode, `The call could not be signed: ${String(message)}`, { cause });
  }
  return signed;
}
