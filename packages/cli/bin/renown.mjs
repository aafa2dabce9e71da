#!/usr/bin/env node
// The renown command.
import '../dist/main.js'
