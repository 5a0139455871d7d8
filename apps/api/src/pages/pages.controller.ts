import { Controller, Get, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import type { Answer } from '../http/answer.js';
import { contentSecurityPolicy, newNonce } from '../http/content-security-policy.js';
import { Operation } from '../http/operation.js';
import { isProblemCode } from '../http/problem-codes.js';
import { notFound } from '../http/problem.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { ApiSettings } from '../settings.js';
import { page, type Html } from './html.js';
import { problemIndex, problemPage } from './problem-page.js';
import { referencePage } from './reference-page.js';

/** Injection token of the document, which is made once at start. */
export const OPENAPI_DOCUMENT = 'OPENAPI_DOCUMENT';

const HTML = { mediaType: 'text/html', example: '<!doctype html>…' } as const;

/** What the service says about itself: its contract, the reference made from it, and a page for each problem. */
@Controller()
export class PagesController {
  readonly #reference: Html;

  constructor(
    @Inject(OPENAPI_DOCUMENT) private readonly document: OpenApiDocument,
    private readonly settings: ApiSettings,
  ) {
    this.#reference = referencePage(document);
  }

  @Get('api/v1/openapi.json')
  @Operation({
    id: 'getOpenApiDocument',
    tag: 'System',
    summary: 'This contract as OpenAPI 3.1',
    access: 'public',
    answers: { 200: z.looseObject({ openapi: z.string() }).meta({ examples: [{ openapi: '3.1.0' }] }) },
  })
  async openApi(): Promise<Answer<OpenApiDocument & Record<string, unknown>>> {
    return { status: 200, body: { ...this.document }, headers: { 'cache-control': 'public, max-age=300' } };
  }

  @Get('api/docs')
  @Operation({
    id: 'getApiReference',
    tag: 'System',
    summary: 'API reference as a page',
    access: 'public',
    answers: { 200: HTML },
  })
  async reference(): Promise<Answer<string>> {
    return this.#page('Plimsoll API', this.#reference);
  }

  @Get('problems')
  @Operation({
    id: 'listProblems',
    tag: 'System',
    summary: 'All problems as a page',
    access: 'public',
    answers: { 200: HTML },
  })
  async problems(): Promise<Answer<string>> {
    return this.#page('Problems', problemIndex());
  }

  @Get('problems/:code')
  @Operation({
    id: 'getProblem',
    tag: 'System',
    summary: 'What a problem means and what to do, as a page',
    access: 'public',
    answers: { 200: HTML },
  })
  async problem(@Param('code') code: string): Promise<Answer<string>> {
    if (!isProblemCode(code)) throw notFound('problem', code);
    return this.#page(code, problemPage(code));
  }

  #page(title: string, body: Html): Answer<string> {
    const nonce = newNonce();
    return {
      status: 200,
      body: page(title, body, nonce),
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy(nonce, this.settings.tls),
        'cache-control': 'no-cache',
      },
    };
  }
}
