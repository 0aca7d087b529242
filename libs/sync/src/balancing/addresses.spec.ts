import { firstValueFrom, skip, take, toArray } from 'rxjs';
import { observeAddresses } from './addresses.ts';

it('are all those of a name, looked up again, and told when they have changed', async () => {
  const answers = [['::1', '127.0.0.1'], ['127.0.0.1', '::1'], undefined, ['127.0.0.2']];
  const lookup = async (name: string) => {
    expect(name).toBe('catalog.internal');
    const answer = answers.shift();
    if (!answer) throw new Error('ENOTFOUND');
    return answer;
  };
  const lists = observeAddresses('dns:catalog.internal:50051', { refreshMs: 1, lookup });
  await expect(firstValueFrom(lists.pipe(take(2), toArray()))).resolves.toEqual([
    ['127.0.0.1:50051', '[::1]:50051'],
    ['127.0.0.2:50051'],
  ]);
});

it('are none while the name is unknown', async () => {
  let calls = 0;
  const lookup = async () => {
    calls += 1;
    if (calls < 3) throw new Error('ENOTFOUND');
    return ['127.0.0.1'];
  };
  const lists = observeAddresses('dns:catalog.internal:50051', { refreshMs: 1, lookup });
  await expect(firstValueFrom(lists)).resolves.toEqual([]);
  calls = 0;
  await expect(firstValueFrom(lists.pipe(skip(1)))).resolves.toEqual(['127.0.0.1:50051']);
});

it('can be found by the operating system', async () => {
  const found = await firstValueFrom(observeAddresses('dns:localhost:50051'));
  expect(found).toContain('127.0.0.1:50051');
});
