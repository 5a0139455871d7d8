import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CertificateAuthority } from '#libs/simulator';
import {
  startMisbehavingReceiver,
  type MisbehavingReceiver,
  type ReceivedRequest,
} from '../../support/misbehaving-receiver.js';

/** The far ends of two channels, and what a service needs to be told so that it may call them. */
export interface Receivers {
  readonly slack: MisbehavingReceiver;
  readonly webhook: MisbehavingReceiver;
  /** `http://127.0.0.1:<port>` of the one that stands in for Slack. */
  readonly slackUrl: string;
  /** `https://127.0.0.1:<port>` of the other. */
  readonly webhookUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A stand-in for Slack's incoming webhooks, and a receiver of signed webhooks with a certificate. */
export async function startReceivers(): Promise<Receivers> {
  const authority = await CertificateAuthority.create('receiver-ca');
  const { certPem: cert, keyPem: key } = await authority.issueServer(['127.0.0.1']);
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-ca-'));
  const caFile = path.join(folder, 'ca.pem');
  await writeFile(caFile, authority.certPem);
  const slack = await startMisbehavingReceiver();
  const webhook = await startMisbehavingReceiver({ cert, key });
  return {
    slack,
    webhook,
    slackUrl: slack.origin,
    webhookUrl: `https://${webhook.host}`,
    environment: { NODE_EXTRA_CA_CERTS: caFile, PLIMSOLL_SLACK_WEBHOOK_HOSTS: slack.host },
    stop: async () => {
      await Promise.all([slack.stop(), webhook.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text?: string }[];
}

/** What a person reads in a Slack message: its lines, from all blocks. */
export function slackLines({ body }: ReceivedRequest): readonly string[] {
  const { text = '', blocks = [] } = JSON.parse(body) as { readonly text?: string; readonly blocks?: readonly Block[] };
  const texts = blocks.flatMap((block) => [
    block.text?.text ?? '',
    ...(block.fields ?? []).map((field) => field.text),
    ...(block.elements ?? []).map((element) => element.text ?? ''),
  ]);
  return [text, ...texts].flatMap((part) => part.split('\n')).filter((line) => line !== '');
}
