#!/usr/bin/env node
import './build.js';

// The same process goes on, so that signals and exit codes are its own.
await import('../dist/src/main.js');
