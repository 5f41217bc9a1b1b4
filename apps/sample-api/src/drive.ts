import type { Random } from '@lg/runtime'
import type { Car } from './car.ts'

/** What a reconciler would do, faked: the car has come some way, at some speed. */
export function driveOn(car: Car, random: Random): void {
  car.status = { ...car.status, distance: randomDistance(random), speed: random.fraction() * 100 }
}

/** Any unsigned 64-bit integer. */
const randomDistance = (random: Random): bigint =>
  random.bytes(8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
