// storemap init: asks little, and writes the files that a shop needs; never over a file of somebody else's without a word.
import { relative, resolve } from 'node:path'
import type { Answers } from '../../deploy/answers.ts'
import { filesFor } from '../../deploy/files.ts'
import { placeFiles } from '../../deploy/place-files.ts'
import { errors } from '../../errors.ts'
import { answersFrom, type InitOptions } from '../init-answers.ts'
import { askAnswers } from '../init-questions.ts'
import type { Output } from '../output.ts'

export async function init(args: readonly string[], options: InitOptions, output: Output): Promise<number> {
  const dir = resolve(args[0] ?? '.')
  const isAsked = !options.yes && process.stdin.isTTY === true && process.stdout.isTTY === true && !output.json
  if (!isAsked && !options.yes)
    throw errors.initNoTerminal('--site, --repo, and --server for Docker, --image for Kubernetes')
  const answers: Answers = await (isAsked ? askAnswers(options) : answersFrom(options))
  const files = await filesFor(answers)
  const placed = await placeFiles(dir, files, {
    overwrite: options.overwrite === true,
    mayReplace: isAsked ? path => askReplace(path) : undefined,
  })
  output.printJson({ dir, ...placed })
  for (const path of placed.written)
    output.print(`${output.style('green', '+')} ${relative(process.cwd(), resolve(dir, path))}`)
  for (const path of placed.kept) output.print(`${output.style('yellow', '·')} ${path} stays as it is`)
  if (placed.written.length === 0 && placed.kept.length === 0)
    output.print('everything is there already, as it would be written')
  output.print(`\nWhat to do next is in ${relative(process.cwd(), resolve(dir, 'SITEMAP.md')) || 'SITEMAP.md'}.`)
  return 0
}

async function askReplace(path: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: `${path} is there, and different. Replace it?`, initialValue: false })
  if (isCancel(answer)) throw errors.initCancelled()
  return answer
}
