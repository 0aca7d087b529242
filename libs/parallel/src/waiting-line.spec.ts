import { WaitingLine, type Waiting } from './waiting-line.ts';

const waiting = (ticket: number, owner = 'one'): Waiting => ({ ticket, owner });

function all(line: WaitingLine<Waiting>): number[] {
  const tickets: number[] = [];
  for (let next = line.shift(); next; next = line.shift()) tickets.push(next.ticket);
  return tickets;
}

describe('a line', () => {
  it('lets go first who came first', () => {
    const line = new WaitingLine<Waiting>();
    for (let ticket = 0; ticket < 200; ticket++) line.add(waiting(ticket));
    expect(line.shift()?.ticket).toBe(0);
    expect(line.length).toBe(199);
    expect(all(line)).toEqual(Array.from({ length: 199 }, (_, place) => place + 1));
    expect(line.shift()).toBeUndefined();
  });

  it('gives one that has waited elsewhere its turn', () => {
    const line = new WaitingLine<Waiting>();
    for (const ticket of [5, 7, 9]) line.add(waiting(ticket));
    line.shift();
    line.add(waiting(6));
    line.add(waiting(8));
    expect(all(line)).toEqual([6, 7, 8, 9]);
  });

  it('is left by an owner with everything of its own', () => {
    const line = new WaitingLine<Waiting>();
    line.add(waiting(1));
    line.add(waiting(2, 'other'));
    line.add(waiting(3));
    line.leave('one');
    expect(all(line)).toEqual([2]);
  });
});
