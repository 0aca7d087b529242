import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { InvalidFile } from '../file/file-faults.ts';
import type { TlsOptions } from '../file/services-file.ts';

/** The credentials of a backend with TLS. Throws `InvalidFile` for a file that cannot be read or is none of its kind. */
export function credentialsOf(tls: TlsOptions, folder: string): ChannelCredentials {
  const read = (path: string | undefined) =>
    path === undefined ? null : readFileSync(resolve(folder, path));
  const { serverName } = tls;
  try {
    return credentials.createSsl(read(tls.ca), read(tls.key), read(tls.cert), {
      ...(serverName !== undefined && {
        checkServerIdentity: (_host: string, certificate: object) =>
          checkServerIdentity(serverName, certificate as PeerCertificate),
      }),
    });
  } catch (error) {
    throw new InvalidFile([`tls: ${(error as Error).message}; name PEM files that can be read`]);
  }
}
