import { parseRepositoryReference } from '@lg/git'
import { formatRepository, isSameRepository } from '@lg/pull-request'
import { expect, test } from 'vitest'

const cases: readonly [a: string, b: string, same: boolean][] = [
  ['https://git.example.org/lg/cars.git', 'https://git.example.org/lg/cars', true],
  ['https://git.example.org/lg/cars', 'git@git.example.org:lg/cars.git', true],
  ['https://git.example.org/lg/cars', 'ssh://git@git.example.org:2222/lg/cars.git', true],
  ['https://github.com/lg/cars', 'ssh://git@ssh.github.com:443/lg/cars', true],
  ['https://git.example.org/lg/cars', 'https://git.example.org:8443/lg/cars', false],
  ['https://git.example.org/lg/cars', 'https://git.example.org/bob/cars', false],
  ['https://git.example.org/lg/cars', 'https://other.example.org/lg/cars', false],
  ['/srv/cars.git', 'file:///srv/cars.git', true],
  ['/srv/cars.git', '/srv/bikes.git', false],
  ['/srv/cars.git', 'https://git.example.org/srv/cars', false],
]
for (const [a, b, same] of cases) {
  test(`${a} is ${same ? '' : 'not '}${b}`, () => {
    expect(isSameRepository(parseRepositoryReference(a), parseRepositoryReference(b))).toBe(same)
  })
}

test('formatRepository shows no credentials', () => {
  expect(formatRepository(parseRepositoryReference('https://bob:secret@git.example.org/g/s/cars.git'))).toBe(
    'git.example.org/g/s/cars',
  )
  expect(formatRepository(parseRepositoryReference('/srv/cars.git'))).toBe('/srv/cars.git')
})
