import type { GitDocument, GitFile, GitTree, SopsFacts, SopsRecipient } from '#libs/core';
import { defined, type Fields } from '../projection/fields.js';

/** What is said about the tree of a Git source; never what is in its files. */
export function readGitTree(holder: Fields): GitTree {
  const tree = holder.needChild('value');
  return {
    url: tree.needText('url'),
    ref: tree.text('ref') ?? '',
    commit: tree.needText('commit'),
    files: (tree.children('files') ?? []).map(file),
  };
}

function file(fields: Fields): GitFile {
  const kustomization = fields.child('kustomization');
  return defined({
    path: fields.needText('path'),
    kustomization: kustomization && {
      references: (kustomization.children('references') ?? []).map((reference) => ({
        pointer: reference.text('pointer') ?? '',
        field: reference.needText('field'),
        value: reference.text('value') ?? '',
      })),
    },
    documents: fields.children('documents')?.map(gitDocument),
    sops: sopsOf(fields),
    creationRules: fields
      .children('creationRules')
      ?.map((rule) => defined({ pathRegex: rule.text('pathRegex'), groups: rule.nestedTexts('groups') ?? [] })),
  });
}

function gitDocument(fields: Fields): GitDocument {
  return defined({
    apiVersion: fields.text('apiVersion'),
    kind: fields.text('kind'),
    namespace: fields.text('namespace'),
    name: fields.text('name'),
    line: fields.count('line'),
    sops: sopsOf(fields),
    plainSecret: fields.flag('plainSecret'),
    annotations: fields.textMap('annotations'),
  });
}

function sopsOf(fields: Fields): SopsFacts | undefined {
  const sops = fields.child('sops');
  return (
    sops &&
    defined({
      version: sops.text('version'),
      hasMac: sops.flag('hasMac') ?? false,
      partlyPlain: sops.flag('partlyPlain'),
      encryptedRegex: sops.text('encryptedRegex'),
      groups: (sops.nested('groups') ?? []).map((group) => group.map(recipient)),
      threshold: sops.count('threshold'),
    })
  );
}

function recipient(fields: Fields): SopsRecipient {
  return defined({
    id: fields.needText('id'),
    createdAt: fields.text('createdAt'),
    context: fields.texts('context'),
    role: fields.text('role'),
  });
}
