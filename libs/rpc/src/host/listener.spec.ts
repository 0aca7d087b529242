import { startEchoHost } from '../spec/echo-service.ts';

it('says which address is in use', async () => {
  const host = await startEchoHost();
  await expect(startEchoHost({}, { address: host.address })).rejects.toMatchObject({
    name: 'StartError',
    message: `cannot listen at ${host.address}: the port is in use`,
  });
  await host.drain();
});

it.each([
  ['192.0.2.1:0', 'cannot listen at 192.0.2.1:0: this machine has no such address'],
  ['nonsense', 'not an address of the form host:port: nonsense'],
  ['127.0.0.1:70000', 'not an address of the form host:port: 127.0.0.1:70000'],
])('cannot listen at %s', async (address, message) => {
  await expect(startEchoHost({}, { address })).rejects.toMatchObject({
    name: 'StartError',
    message,
  });
});

it('listens at an IPv6 address', async () => {
  const host = await startEchoHost({}, { address: '[::1]:0' });
  expect(host.address).toMatch(/^\[::1\]:\d+$/);
  await host.drain();
});
