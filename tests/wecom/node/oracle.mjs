// Answers JSON lines with JSON lines: what WeCom's own library seals, opens and signs.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const { encrypt, decrypt, getSignature } = createRequire(process.argv[2] + '/package.json')('@wecom/crypto')

for await (const line of createInterface({ input: process.stdin })) {
  const { token, key, receiver, text, sealed, timestamp, nonce } = JSON.parse(line)
  const theirs = encrypt(key, text, receiver)
  const opened = decrypt(key, sealed)
  console.log(JSON.stringify({
    sealed: theirs,
    signature: getSignature(token, timestamp, nonce, theirs),
    text: opened.message,
    receiver: opened.id,
    ours: getSignature(token, timestamp, nonce, sealed),
  }))
}
