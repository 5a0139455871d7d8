interface DriverError {
  readonly code?: string;
  readonly constraint?: string;
}

function driverErrorOf(error: unknown): DriverError {
  return (error as { readonly driverError?: DriverError } | null)?.driverError ?? {};
}

/** Whether a statement failed because of that unique constraint (SQLSTATE 23505). */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = driverErrorOf(error);
  return code === '23505' && violated === constraint;
}

/** Whether a statement failed because another row refers to it (SQLSTATE 23001), or it refers to one that is gone (23503). */
export function violatesForeignKey(error: unknown): boolean {
  return ['23001', '23503'].includes(driverErrorOf(error).code ?? '');
}

/** Whether a transaction was ended in favour of another one: serialization failure (SQLSTATE 40001), deadlock (40P01). */
export function isContention(error: unknown): boolean {
  return ['40001', '40P01'].includes(driverErrorOf(error).code ?? '');
}
