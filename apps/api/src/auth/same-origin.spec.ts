import { expect, it } from 'vitest';
import { requireSameOrigin } from './same-origin.js';

const PUBLIC = 'https://plimsoll.example.com';

it.each([
  [{ 'sec-fetch-site': 'same-origin' }],
  [{ origin: PUBLIC }],
  [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
])('lets %j pass', (headers) => {
  expect(() => requireSameOrigin(headers, PUBLIC)).not.toThrow();
});

it.each([
  [{}],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ 'sec-fetch-site': 'none' }],
  [{ 'sec-fetch-site': 'cross-site', origin: PUBLIC }],
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://plimsoll.example.com' }],
  [{ origin: 'https://plimsoll.example.com.evil.example' }],
])('refuses %j', (headers) => {
  expect(() => requireSameOrigin(headers, PUBLIC)).toThrow(expect.objectContaining({ code: 'cross-site-request' }));
});
