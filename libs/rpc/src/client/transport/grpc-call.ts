import type { ChannelCredentials, ChannelInterface } from '@grpc/grpc-js';

/** A call below clients, as grpc-js has it too: bytes out, bytes in, a status. */
export type GrpcCall = ReturnType<ChannelInterface['createCall']>;

/** Where what comes back goes. */
export interface CallListener extends Listener {
  /** Whether nobody wants to see metadata, but that of a failure: it need not be made. */
  readonly ignoresMetadata?: boolean;
}

type Listener = Parameters<GrpcCall['start']>[1];

/** What makes metadata that signs a call. */
export type CallCredentials = Parameters<GrpcCall['setCredentials']>[0];

/** What is known of a peer that has identified itself. */
export type AuthContext = NonNullable<ReturnType<GrpcCall['getAuthContext']>>;

/** What secures a connection between TCP and HTTP/2. */
export type SecureConnector = ReturnType<ChannelCredentials['_createSecureConnector']>;
