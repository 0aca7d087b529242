import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '@trivium/contracts/grpc/reflection/v1/reflection';
import { ServerReflectionDefinition as AlphaDefinition } from '@trivium/contracts/grpc/reflection/v1alpha/reflection';
import { type Channel, Code, RpcError, createClient } from '@trivium/rpc';
import { Subject } from 'rxjs';

/** What is asked of a server about itself. */
export type Question = Exclude<
  NonNullable<ServerReflectionRequest['messageRequest']>,
  { $case: 'fileContainingExtension' }
>;
/** What it answers. */
export type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;

/** Which version of the protocol is spoken: `v1`, or what older servers have. */
export type ReflectionVersion = 'v1' | 'v1alpha';

/**
 * One stream of questions to a server's reflection, one at a time. All go to the same replica, so that the answers fit
 * together.
 */
export class ReflectionStream {
  readonly #questions = new Subject<Pick<ServerReflectionRequest, 'messageRequest'>>();
  #waiting: PromiseWithResolvers<Answer> | undefined;
  #ended: RpcError | undefined;

  constructor(
    channel: Channel,
    options: { version: ReflectionVersion; timeoutMs: number; signal: AbortSignal },
  ) {
    const { version, ...callOptions } = options;
    // The two versions differ in their package alone.
    const definition = version === 'v1' ? ServerReflectionDefinition : AlphaDefinition;
    const client = createClient(definition as typeof ServerReflectionDefinition, channel);
    client.serverReflectionInfo(this.#questions, callOptions).subscribe({
      next: ({ messageResponse }) => {
        if (messageResponse) this.#waiting?.resolve(messageResponse);
      },
      error: (error: unknown) => this.#end(RpcError.from(error)),
      complete: () => this.#end(new RpcError(Code.UNAVAILABLE, 'The server ended its reflection')),
    });
  }

  /** Rejects with an `RpcError` when the stream has ended; a question that has no answer is one of the answers. */
  async ask(messageRequest: Question): Promise<Answer> {
    if (this.#ended) throw this.#ended;
    this.#waiting = Promise.withResolvers();
    this.#questions.next({ messageRequest });
    return this.#waiting.promise;
  }

  close(): void {
    this.#questions.complete();
  }

  #end(error: RpcError): void {
    this.#ended = error;
    this.#waiting?.reject(error);
  }
}
