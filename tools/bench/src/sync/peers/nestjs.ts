import 'reflect-metadata';
import { Metadata } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import type { ClientGrpc } from '@nestjs/microservices';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { descriptorSetBase64 } from '@trivium/contracts';
import type { Observable } from 'rxjs';
import { firstValueFrom } from 'rxjs';
import { sku } from '../messages.ts';
import type { Peer } from '../peer.ts';

type Method = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
) => Observable<unknown>;

/** NestJS: a deadline and metadata are on; what cancels a call is to unsubscribe. */
export function open(address: string): Peer {
  const client = ClientProxyFactory.create({
    transport: Transport.GRPC,
    options: {
      url: address,
      package: 'shop.catalog.v1',
      packageDefinition: loadFileDescriptorSetFromBuffer(
        Buffer.from(descriptorSetBase64, 'base64'),
      ),
    },
  });
  const catalog = (client as unknown as ClientGrpc).getService<Record<string, Method>>('Catalog');
  const { getProduct, listProducts } = catalog;
  if (!getProduct || !listProducts) throw new Error('The catalog has not the methods to call');
  const metadata = new Metadata();
  metadata.set('x-request-id', 'bench');
  const options = () => ({ deadline: Date.now() + 10_000 });
  return {
    callSmall: () => firstValueFrom(getProduct({ sku }, metadata, options())),
    callLarge: () => firstValueFrom(listProducts({}, metadata, options())),
    close: () => client.close(),
  };
}
