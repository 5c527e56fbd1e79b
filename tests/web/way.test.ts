import { expect, it } from '@jest/globals';
import { wayTo } from '../../web/src/driver/way.ts';

it('[WEB59] the way is found by the map of the phone, whoever made it', () => {
  const store = { lat: 38.7075, lng: -9.138 };
  const android = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile';
  expect(wayTo(store, android)).toBe('geo:38.7075,-9.138?q=38.7075,-9.138');
  for (const device of ['iPhone; CPU iPhone OS 18_5 like Mac OS X', 'Macintosh; Intel Mac OS X']) {
    expect(wayTo(store, `Mozilla/5.0 (${device}) AppleWebKit/605.1.15`)).toBe(
      'maps:?daddr=38.7075,-9.138',
    );
  }
});
