import { register } from 'node:module';

// `node --import tests/mutants/register.js --import tsx …`: first, so that tsx asks it for the source.
register('./load-hook.js', import.meta.url);
