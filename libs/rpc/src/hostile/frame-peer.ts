import { createServer, type Socket } from 'node:net';
import { closeLater } from '../spec/echo.ts';
import { listenLocally } from '../spec/http2-peer.ts';
import { ACK, createFrameReader, FrameType, PREFACE, SETTINGS, SETTINGS_ACK } from './frames.ts';

/**
 * Starts a peer that speaks HTTP/2 frame by frame: it shakes hands, and leaves what follows the
 * headers of a request to `onRequest`, and what follows a ping to `onPing`. `closeAll` ends it.
 */
export function startFramePeer(
  onRequest: (socket: Socket, streamId: number) => void,
  onPing: (socket: Socket) => void = () => {},
): Promise<string> {
  const server = createServer({ noDelay: true }, (socket) => {
    closeLater(() => socket.destroy());
    const read = createFrameReader({ skip: PREFACE.length });
    socket.on('error', () => {});
    socket.write(SETTINGS);
    socket.on('data', (bytes) => {
      for (const { type, flags, streamId } of read(bytes)) {
        if (type === FrameType.SETTINGS && !(flags & ACK)) socket.write(SETTINGS_ACK);
        if (type === FrameType.HEADERS) onRequest(socket, streamId);
        if (type === FrameType.PING && !(flags & ACK)) onPing(socket);
      }
    });
  });
  return listenLocally(server);
}
