// A clean checkout of the working tree as it is: what git has, and what isn't committed yet, as one commit.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  type Dirent,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { buildFingerprint, buildState, markBuilt } from '../../../scripts/stamps.mjs'
import { ROOT } from '../../support/workspace.ts'

/** Why there can be no checkout; empty where there can. */
export function whyNoCheckout(): string {
  if (!existsSync(join(ROOT, '.git'))) return 'this folder is not a git repository'
  try {
    execFileSync('git', ['--version'])
    return ''
  } catch {
    return 'git is not installed'
  }
}

/**
 * Clones into `folder` and returns the commit. Installed packages are linked file by file, and what was compiled is
 * copied, so that nothing is installed and little is compiled anew; packages of the workspace are the clone's own.
 */
export function checkOut(folder: string): string {
  const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' })
  git(ROOT, 'clone', '--quiet', ROOT, folder)
  const list = (...args: string[]): string[] =>
    git(ROOT, 'ls-files', '-z', ...args)
      .split('\0')
      .filter(Boolean)
  const deleted = new Set(list('--deleted'))
  for (const path of deleted) rmSync(join(folder, path), { force: true })
  for (const path of list('--modified', '--others', '--exclude-standard')) {
    if (!deleted.has(path)) cpSync(join(ROOT, path), join(folder, path))
  }
  git(folder, 'add', '--all')
  const identity = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.org', '-c', 'commit.gpgsign=false']
  git(folder, ...identity, 'commit', '--quiet', '--allow-empty', '--no-verify', '--message', 'As it is')
  linkPackages(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  copyCompiled(folder)
  return git(folder, 'rev-parse', 'HEAD').trim()
}

/** Names with a dot are what tools keep for themselves and rewrite in place: they are not to be shared. */
const COPIED = ['.bin', '.package-lock.json', '.renown-install']

function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (COPIED.includes(entry.name)) cpSync(source, target, { recursive: true, verbatimSymlinks: true })
    else if (!entry.name.startsWith('.')) linkEntry(entry, source, target)
  }
}

function linkEntry(entry: Dirent, source: string, target: string): void {
  if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
  else if (!entry.isDirectory()) linkFile(source, target)
  else {
    mkdirSync(target)
    for (const child of readdirSync(source, { withFileTypes: true })) {
      linkEntry(child, join(source, child.name), join(target, child.name))
    }
  }
}

/** A copy where the two places are on different file systems. */
function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(source, target)
  }
}

/** With their times, by which the compiler knows them; what was built from these very sources counts as built. */
function copyCompiled(folder: string): void {
  const places = ['scripts', 'test', 'bench', ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`)]
  for (const place of places.map((each) => `${each}/dist`).filter((path) => existsSync(join(ROOT, path)))) {
    cpSync(join(ROOT, place), join(folder, place), { recursive: true, preserveTimestamps: true })
  }
  if (buildState(ROOT) === 'fresh') markBuilt(folder, buildFingerprint(folder))
}
