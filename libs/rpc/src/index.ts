// For services.
export { bind } from './host/bind.ts';
export type { BoundService, Handler, Handlers } from './host/bind.ts';
export { EncodedResponse, encodeResponse } from './host/encoded-response.ts';
export { pushResponses } from './host/pushed-responses.ts';
export type { PushedResponses, ResponseSink, ResponseSource } from './host/pushed-responses.ts';
export { startHost } from './host/host.ts';
export type { Host, HostOptions } from './host/host.ts';
export { createFixedLimit } from './host/overload/fixed-limit.ts';
export { createGradientLimit } from './host/overload/gradient-limit.ts';
export type { GradientLimitOptions } from './host/overload/gradient-limit.ts';
export type { ConcurrencyLimit, RoundTrip } from './host/overload/concurrency-limit.ts';
export { runService } from './service/run-service.ts';
export type {
  ServiceConfig,
  ServiceContext,
  ServiceOptions,
  ServiceParts,
} from './service/run-service.ts';
export type {
  AroundWork,
  BackgroundWork,
  ExtensionContext,
  ServiceExtension,
  StartedExtension,
} from './service/extension.ts';
export { defineConfig, readConfig, serviceVariables } from './service/config.ts';
export type { ConfigDefinition, ConfigOf, Variables } from './service/config.ts';
export { StartError } from './start-error.ts';
export { createLogger } from './logger.ts';
export type { Logger, LogLevel } from './logger.ts';
export { currentCall, detached } from './call/call-context.ts';
export type { CallContext } from './call/call-context.ts';

// Errors, on both sides.
export { Code, codeName } from './error/code.ts';
export { RpcError, trailersOf } from './error/rpc-error.ts';
export type { FailedCall, RpcErrorOptions } from './error/rpc-error.ts';
export { errorTable } from './error/error-table.ts';
export type { ErrorTable } from './error/error-table.ts';
export {
  badRequest,
  errorInfo,
  findDetail,
  packAny,
  preconditionFailure,
  resourceInfo,
  retryInfo,
} from './error/details.ts';
export { durationFromMs, durationToMs } from './duration.ts';
export { Bag } from './bag.ts';
export { createValidator } from './validation/validator.ts';
export type { Validator } from './validation/validator.ts';

// For callers.
export { openChannel } from './client/channel.ts';
export type { Channel, ChannelOptions, ReadyOptions } from './client/channel.ts';
export { createClient } from './client/client.ts';
export type {
  Client,
  ClientMethod,
  ClientOptions,
  ClientRequest,
  ClientResponse,
  RequestStream,
} from './client/client.ts';
export type { CallOptions } from './client/call-options.ts';
export type { HostCall, HostInterceptor, ServeRequests } from './interceptor/host-interceptor.ts';
export { interceptByKind } from './interceptor/client-interceptor.ts';
export type {
  ClientCall,
  ClientInterceptor,
  MakeCall,
  StreamInterceptor,
  UnaryInterceptor,
} from './interceptor/client-interceptor.ts';

// For what is built on these.
export { closedError, closedStatus } from './client/closed-channel.ts';
export { methodPath } from './service-definition.ts';
export type {
  MessageType,
  MethodDefinition,
  RequestInit,
  RequestOf,
  ResponseInit,
  ResponseOf,
  ServiceDefinition,
} from './service-definition.ts';
