import type { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';

/** What the generated code offers for each message, as far as calls need it. */
export interface MessageType {
  /** The full name, for example `shop.catalog.v1.Product`. */
  readonly $type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any message: see RequestOf and ResponseOf
  encode(message: any): BinaryWriter;
  decode(input: BinaryReader | Uint8Array): unknown;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any message: see RequestOf and ResponseOf
  fromPartial(partial: any): unknown;
}

/** One method of a generated service definition. */
export interface MethodDefinition {
  /** The name in the contract, for example `GetProduct`. */
  readonly name: string;
  readonly requestType: MessageType;
  readonly requestStream: boolean;
  readonly responseType: MessageType;
  readonly responseStream: boolean;
  readonly options: { readonly idempotencyLevel?: 'IDEMPOTENT' | 'NO_SIDE_EFFECTS' };
}

/** A generated service definition, for example `CatalogDefinition`. */
export interface ServiceDefinition {
  readonly name: string;
  /** The name with its package, for example `shop.catalog.v1.Catalog`. */
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** The request of a method as its handler gets it: complete, with every default filled in. */
export type RequestOf<M extends MethodDefinition> = ReturnType<M['requestType']['decode']>;

/** The request of a method as its caller writes it: what is left out has its default. */
export type RequestInit<M extends MethodDefinition> = Parameters<
  M['requestType']['fromPartial']
>[0];

/** The response of a method as its caller gets it: complete, with every default filled in. */
export type ResponseOf<M extends MethodDefinition> = ReturnType<M['responseType']['decode']>;

/** The response of a method as its handler writes it: what is left out has its default. */
export type ResponseInit<M extends MethodDefinition> = Parameters<
  M['responseType']['fromPartial']
>[0];

/** The path under which a method is called, for example `/shop.catalog.v1.Catalog/GetProduct`. */
export function methodPath<S extends ServiceDefinition>(
  definition: S,
  method: keyof S['methods'] & string,
): string {
  return `/${definition.fullName}/${definition.methods[method]?.name}`;
}
