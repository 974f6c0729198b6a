import { type Static, Type } from 'typebox'
import { closed, idSchema } from './shared.ts'

/** `POST /api/auth/sign-in-link`: the token of a one-time sign-in link. */
export const signInLinkSchema = Type.Object({ token: Type.String({ minLength: 20, maxLength: 200 }) }, closed)

/** `POST /api/auth/sign-in` */
export const signInSchema = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 200 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  },
  closed,
)

/** `PUT /api/auth/password`: sets or changes the own password; ends all other sessions. */
export const setPasswordSchema = Type.Object(
  {
    /** Needed where one is set. */
    current: Type.Optional(Type.String({ maxLength: 200 })),
    next: Type.String({ minLength: 10, maxLength: 200 }),
  },
  closed,
)

/** Who is signed in: the answer of every sign-in and of `GET /api/auth/session`. */
export const sessionSchema = Type.Object(
  {
    user: Type.Object(
      { id: idSchema, email: Type.String(), name: Type.String(), hasPassword: Type.Boolean() },
      closed,
    ),
  },
  closed,
)

/** Who is signed in. */
export type SessionBody = Static<typeof sessionSchema>
