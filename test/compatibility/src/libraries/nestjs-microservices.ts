import 'reflect-metadata';
import { withEntra } from '@entra-redis/ioredis';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, type RedisOptions, Transport } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { expectSame, type Start, within } from '../library.ts';

class Doubler {
  double(value: number): number {
    return value * 2;
  }
}
// Node.js strips types and leaves decorators, so they are called.
const method = Object.getOwnPropertyDescriptor(Doubler.prototype, 'double');
if (method !== undefined) MessagePattern('double')(Doubler.prototype, 'double', method);
Controller()(Doubler);

// oxlint-disable-next-line typescript/no-extraneous-class -- what a module of NestJS is
class Application {}
Module({ controllers: [Doubler] })(Application);

export const start: Start = async ({ host, port, manager, complain }) => {
  const transport: RedisOptions = { transport: Transport.REDIS, options: withEntra(manager, { host, port }) };
  const service = await NestFactory.createMicroservice(Application, { ...transport, logger: ['error', 'fatal'] });
  await service.listen();
  const client = ClientProxyFactory.create(transport);
  client.on('error' as never, complain as never);
  await client.connect();
  return {
    step: async (round) => {
      const answer = within('an answer', firstValueFrom(client.send<number>('double', round)));
      expectSame('the answer', await answer, round * 2);
    },
    stop: async () => {
      await client.close();
      await service.close();
    },
  };
};
