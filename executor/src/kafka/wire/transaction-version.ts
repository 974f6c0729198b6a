import { END_TXN_WITH_NEW_EPOCH } from './api/end-txn.ts'
import { PRODUCE_WITHOUT_IMPLICIT_JOIN } from './api/produce.ts'
import { TXN_OFFSET_COMMIT_WITHOUT_IMPLICIT_JOIN } from './api/txn-offset-commit.ts'
import type { VersionBounds } from './broker-connection.ts'

/** How partitions and groups become part of a transaction, and the request versions that mean just that. */
export interface JoinRules {
  /** By being written to. Otherwise AddPartitionsToTxn and AddOffsetsToTxn must come first. */
  readonly implicit: boolean
  readonly produce: VersionBounds
  readonly txnOffsetCommit: VersionBounds
  readonly endTxn: VersionBounds
}

/**
 * `implicit` is transaction version 2 (KIP-890 part 2): each transaction has its own epoch. `explicit` is what came
 * before. The versions of the three requests must belong together, so each rule fixes their bounds.
 */
export const JOIN_RULES = {
  implicit: {
    implicit: true,
    produce: { min: PRODUCE_WITHOUT_IMPLICIT_JOIN + 1 },
    txnOffsetCommit: { min: TXN_OFFSET_COMMIT_WITHOUT_IMPLICIT_JOIN + 1 },
    endTxn: { min: END_TXN_WITH_NEW_EPOCH },
  },
  explicit: {
    implicit: false,
    produce: { max: PRODUCE_WITHOUT_IMPLICIT_JOIN },
    txnOffsetCommit: { max: TXN_OFFSET_COMMIT_WITHOUT_IMPLICIT_JOIN },
    endTxn: { max: END_TXN_WITH_NEW_EPOCH - 1 },
  },
} as const satisfies Record<string, JoinRules>
