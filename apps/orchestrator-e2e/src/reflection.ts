import { ServerReflectionDefinition } from '@trivium/contracts/grpc/reflection/v1/reflection';
import { type Channel, createClient } from '@trivium/rpc';
import { lastValueFrom, of } from 'rxjs';

/** The services that a server lists by reflection. */
export async function listServices(channel: Channel): Promise<string[]> {
  const client = createClient(ServerReflectionDefinition, channel);
  const request = { messageRequest: { $case: 'listServices' as const, value: '' } };
  const { messageResponse } = await lastValueFrom(client.serverReflectionInfo(of(request)));
  if (messageResponse?.$case !== 'listServicesResponse') throw new Error('No services are listed');
  return messageResponse.value.service.map(({ name }) => name);
}
