import type { ChannelCredentials } from '@grpc/grpc-js';

/** An HTTP/2 frame begins with nine bytes; the first that a server sends is SETTINGS (RFC 9113, 3.4). */
const FRAME_HEADER_BYTES = 9;

/**
 * The same credentials, on which a connection is given up when its peer has not begun to speak
 * HTTP/2 after `connectTimeoutMs`. grpc-js waits for that without end, and so keeps a channel
 * CONNECTING for as long as a peer accepts TCP and says nothing: a process that is stopped, a
 * balancer without backends, a machine that lost its power. Giving up closes the socket, and the
 * usual back-off and reconnection follow.
 */
export function withConnectTimeout(
  credentials: ChannelCredentials,
  connectTimeoutMs: number,
): ChannelCredentials {
  // The one place that sees each connection between TCP and HTTP/2 is the connector that secures it.
  const bounded = Object.create(credentials) as ChannelCredentials;
  bounded._createSecureConnector = (...target) => {
    const connector = credentials._createSecureConnector(...target);
    return {
      waitForReady: () => connector.waitForReady(),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy: () => connector.destroy(),
      async connect(socket) {
        let peer = socket;
        let isSecured = false;
        const timer = setTimeout(() => {
          if (isSecured && peer.bytesRead >= FRAME_HEADER_BYTES) return;
          peer.destroy(new Error(`The peer did not answer for ${connectTimeoutMs} ms`));
        }, connectTimeoutMs);
        timer.unref();
        socket.once('close', () => clearTimeout(timer));
        const result = await connector.connect(socket);
        peer = result.socket;
        isSecured = true;
        return result;
      },
    };
  };
  return bounded;
}
