import { expect } from 'chai';
import type { FastifyRequest } from 'fastify';
import { credentialOf } from '../../../src/admin/sign-in/authenticate.ts';
import { SignedInTurns } from '../../../src/admin/sign-in/signed-in-turns.ts';

describe('T55 lookups of who asks', () => {
  it('of a credential that was good go before those that nobody knows, and one of those after eight', async () => {
    const { look, order, release } = heldTurns();
    await look('good', 'Bearer good');
    const held = hold(look);
    const asked = [
      ...Array.from({ length: 20 }, (_, at) => look(`made up ${at}`, `Bearer none${at}`, false)),
      ...Array.from({ length: 10 }, () => look('good', 'Bearer good')),
    ];
    release();
    await Promise.all([...held, ...asked]);
    const after = order.slice(1 + held.length);
    expect(after.slice(0, 11)).to.deep.equal([...Array(8).fill('good'), 'made up 0', 'good', 'good']);
    expect(after).to.have.length(30);
  });

  it('take one turn however a credential is written, and last after it was refused', async () => {
    const { look, order, release } = heldTurns();
    await look('mal', 'Bearer mal');
    await look('was good', 'Bearer old');
    await look('was good', 'Bearer old', false);
    await look('ada', 'Bearer ada');
    const held = hold(look);
    const asked = [
      look('was good', 'Bearer old'),
      look('mal 1', 'Bearer mal'),
      look('mal 2', 'bearer   mal'),
      look('mal 3', `Basic ${Buffer.from('mal:').toString('base64')}`),
      look('ada', 'Bearer ada'),
    ];
    release();
    await Promise.all([...held, ...asked]);
    expect(order.slice(-5)).to.deep.equal(['mal 1', 'ada', 'mal 2', 'mal 3', 'was good']);
  });

  it('T54 of those who are not signed in go by address, so that one who guesses waits for itself', async () => {
    const { look, turns, order, release } = heldTurns();
    const held = hold(look);
    const asked = ['mal 1', 'mal 2', 'mal 3', 'ada 1'].map(text =>
      turns.ofStranger(text.slice(0, 3), async () => void order.push(text)),
    );
    release();
    await Promise.all([...held, ...asked]);
    expect(order.slice(-4)).to.deep.equal(['mal 1', 'ada 1', 'mal 2', 'mal 3']);
  });

  it('go on after one that fails', async () => {
    const { look, turns, order } = heldTurns();
    const fail = () => turns.ofStranger('mal', () => Promise.reject(new Error('no store'))).catch(() => undefined);
    await Promise.all(Array.from({ length: 10 }, fail));
    await look('ada', 'Bearer ada');
    expect(order).to.deep.equal(['ada']);
  });
});

const sessions = { idleMs: 1, absoluteMs: 1, overTls: false };

type Look = (text: string, authorization: string, isGood?: boolean) => Promise<void>;

/** Takes all places there are, until the release. */
function hold(look: Look): Promise<void>[] {
  return Array.from({ length: 4 }, (_, at) => look('held', `Bearer held${at}`, true));
}

/** Lookups that note their texts when they run; those of `held` last until the release. */
function heldTurns() {
  const turns = new SignedInTurns();
  const order: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const look: Look = async (text, authorization, isGood = true) => {
    const request = { headers: { authorization }, cookies: {} } as unknown as FastifyRequest;
    const run = async () => {
      order.push(text);
      await (text === 'held' ? held : undefined);
      if (!isGood) {
        throw new Error('nobody');
      }
    };
    await turns.run(credentialOf({ sessions }, request), run).catch(() => undefined);
  };
  return { look, turns, order, release };
}
