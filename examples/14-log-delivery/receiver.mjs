// A receiver of deliveries: checks the signature, answers the first two with 503, and prints what it takes.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = "only-an-example-secret";
let refusals = 2;

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const wanted = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(String(request.headers["x-moongate-signature"]), "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    response.writeHead(401).end("The signature is wrong.");
  } else if (refusals > 0) {
    refusals -= 1;
    response.writeHead(503).end("Not now.");
  } else {
    for (const record of JSON.parse(body).records) console.log(`record ${record.requestId} ${record.status}`);
    response.writeHead(204).end();
  }
});
server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
