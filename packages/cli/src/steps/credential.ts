import { ok } from '../finding.ts';
import { codeOf } from '../io/network.ts';
import type { Finding, Step, Visit } from '../types.ts';
import { guardRemedy } from '../words/access-policy.ts';
import { authorityUntrusted, explainCredentialError } from '../words/credential.ts';

export const credential: Step = { id: 'credential', title: 'Credential', exitCode: 13, run };

async function run(visit: Visit): Promise<Finding> {
  const { io, options } = visit;
  try {
    visit.answer = await io.requestToken(AbortSignal.timeout(options.credentialTimeoutMs));
  } catch (error) {
    const finding = explainCredentialError(error, options);
    if (finding.problem === 'credential-unreachable') return await lookCloser(finding, visit);
    // An emulator that was started with --tls has TLS: without it, this is most likely a plain Redis.
    const plain = visit.target.product === 'this machine' && visit.encrypted !== true;
    return plain ? { ...finding, remedies: [...(finding.remedies ?? []), guardRemedy] } : finding;
  }
  return ok(`${visit.answer.source} answered.`, { details: { source: visit.answer.source } });
}

/** MSAL says only that it got no answer: why, is found out by connecting. */
async function lookCloser(finding: Finding, { io, options }: Visit): Promise<Finding> {
  if (options.authority === undefined) return finding;
  const { hostname: name, port, host } = new URL(options.authority);
  // An address of IPv6 has brackets in a URL only.
  const hostname = name.replace(/^\[|\]$/g, '');
  const { timeoutMs } = options;
  try {
    const socket = await io.network.connect(hostname, Number(port || 443), timeoutMs);
    const { refusal, socket: secured } = await io.network.secure(socket, { servername: hostname, timeoutMs });
    secured.destroy();
    return refusal === undefined ? finding : authorityUntrusted(host, refusal);
  } catch (error) {
    return { ...finding, lines: [`${host}: ${codeOf(error)}`] };
  }
}
