// Nominal types over plain values: Brand<number, 'Kuid'> is a number that cannot be mixed up with another brand.

declare const BRAND: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [BRAND]: Name };
