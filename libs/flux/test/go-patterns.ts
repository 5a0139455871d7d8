/** Words of a text without blanks in them; a backslash is one. */
const words = (text: TemplateStringsArray): readonly string[] => String.raw(text).trim().split(/\s+/);

/** Characters that patterns and texts have in common, so that matches are no accident. */
export const CHARACTERS: readonly string[] = [...words`a b K k s S z 0 7 _ - . : /`, ' ', '\n', '\t', '\v'];
/** Beyond ASCII: some fold to letters of ASCII, some to each other, some to nothing. */
export const FOREIGN: readonly string[] = Array.from(
  '\u017F\u212A\u00E4\u00C4\u00DF\u1E9E\u03C3\u03C2\u03A3\u0131\u0130\u00B5\u03BC\u01C5\u01C4\u{10428}\u{10400}\u{1F600}\u0085',
);

export const ATOMS: readonly string[] = [
  ...CHARACTERS,
  ...words`
    . .* .+ ^ $ \A \z \b \B \d \D \w \W \s \S
    \. \- \_ \/ \n \t \v \a \x41 \x{6b} \101 \0 \Qa.b\E \Q
    [ab] [^a] [a-z] [^A-Z] []a] [^]a] [a-] [-a] [\d_] [^\w] [^\W] [\]a] [\-.] [a-c-e]
    [[:alpha:]] [[:^alpha:]] [^[:space:]] [[:word:]-] [[:upper:]k] [[:]`,
];

/** Parts that Go refuses, or that only look like syntax. */
export const ODD = words`
  ( ) [ ] { } * + ? | \ {2} {,2} {2, {1001} {3,2} {01}
  \1 \8 \12 \Z \C \y \E \xg \x{} \x{110000} [b-a] [a-\d] []
  [[:nothing:]] [[:a:b:]] (?=a) (?!a) (?<n>a) (?P<n>b) (?P=n) (?#c) (?i (?i-) (?)`;

export const FLAGS = words`(?i) (?m) (?s) (?U) (?im) (?-i) (?i-s) (?-ims) (?ii)`;
export const REPEATS = words`* + ? *? +? ?? {2} {1,3} {0,2}? {2,} {0} {20}`;

/** What is easily read otherwise than Go does, and what Alerts are written with. */
export const WRITTEN: readonly string[] = [
  ...ATOMS,
  ...ODD,
  ...FLAGS,
  ...REPEATS,
  ...REPEATS.flatMap((repeat) => [...ATOMS, ...words`(a) (?:) () \Q\E`, ...FLAGS].map((atom) => `${atom}${repeat}`)),
  ...REPEATS.flatMap((repeat) => REPEATS.map((other) => `a${repeat}${other}`)),
  ...FLAGS.flatMap((flags) => [...FOREIGN, ...ATOMS].map((atom) => `^${flags}${atom}$`)),
  ...FLAGS.flatMap((flags) => [`a${flags}b|K`, `(${flags}a)K`, `(a${flags})K`, `a${flags}*`, `a*${flags}*`]),
  ...words`
    (?i)[K] (?i)[^k] (?i)[a-z] (?i)[^\w] (?i)[[:^upper:]] (?i)i (?i)\x{212a} (?i)[\x{100}-\x{2200}]
    a{1000} a{1001} a{1,1001} a{999999999999999999} (a{100}){10} (a{100}){11} (a{0,500}){2,3} x{1 {1}
    ((a{10}){10}){10} ((a{10}){10}){11} (a{2}|b{600}){2} ((a*){500}){3} (a{1,}){1000} (a?){1000}
    ((a{1000})?){2} (a{1000})* ((a{0}){1000}){2} (a{0}){1000} a{2}{0} (?:a{600}){0,1}
    [[:alpha:] [[:alpha [:alpha:] [[:a]lpha:]] [[:]:]] [[:^word:]] [[=a=]] [[.a.]] [[:^:]]
    [\Qa] [a\] [\b] [^ [^] [a- [--a] [+--] [a-b-c] [\x41-Z] [\d-z] [a&&b] [\E]
    \Qa \Q\ \Q\Q\E \Qab\E+ \Q\E* a\Q\E* (\Q)\E) \Q*\E* \Qa\Eb\E
    \x{0000000000000000000041} \x{41 \x4 \X41 \00 \000 \0007 \08 \18 \777
    (?P<a>.)(?P<a>.) (?P<a>.)(?<a>.) (?P<a-b>.) (?P<>.) (?<1>.) (?'a'.) (?P>a)
    (?i-i:a) (?-:a) (?--i) (?i-s-m) (?x)a (?i)(?-i)K (?: (? (?:a a) (|a) (a|) ||
    \p{Greek} \pL \p{Nothing} [\p{L}] \P{L} \p [^\pN] \p{^L} (?i)\p{Lu}
    a++ a*+ a?+ ^* $+ \b* (?:^)*a (^|a)+b (a|b|)*K \\
    .*denied.* ^Namespace/.*$ \(Forbidden\) (?i)FORBIDDEN .*(timeout|refused).* ^.*$ (?s)^.*$ (?m)^$`,
  '^[^:]+: .*$',
  'dry-run failed(?s).*',
  '\\bis forbidden\\b',
  'health check failed after \\d+(\\.\\d+)?s',
  '(?P<\u00E4>.)',
  '(?i)[\u017F]',
  '\\\n',
];

/** Tried with each of them. */
export const TEXTS: readonly string[] = [
  'Namespace/apps dry-run failed (Forbidden): namespaces "apps" is forbidden: User "u" cannot patch resource\n',
  'ConfigMap/apps/app dry-run failed: Get "https://10.0.0.1:6443/api?timeout=30s": connect: connection refused\n',
  "health check failed after 30.022486958s: timeout waiting for: [Deployment/apps/web status: 'InProgress']",
  '',
  'aa\nb',
  '\0',
  '\u00087',
  '\u01FF',
  'a'.repeat(24),
  ...words`ab aab a.b a.b.b AK aK ak [:alpha:] a{,2} x{1 {1} A A7 18 aaKaa ] :] \ bb ) a+`,
  ...CHARACTERS,
  ...FOREIGN,
];
