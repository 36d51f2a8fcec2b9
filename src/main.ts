#!/usr/bin/env node
// The program: runs the command line and sets the exit code.
import { runCli } from './cli/program.ts'

process.exitCode = await runCli(process.argv.slice(2))
