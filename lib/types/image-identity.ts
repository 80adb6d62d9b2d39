/**
 * Format of an image signature. Newer engines may add formats.
 *
 * @enum
 * @category Images
 */
export const SignatureType = {
  /** Sigstore bundle, version 0.3. */
  BundleV03: "bundle-v0.3",
  /** Cosign simple signing, version 1. */
  SimpleSigningV1: "simplesigning-v1",
} as const;

/** Format of an image signature. Newer engines may add formats. @category Images */
export type SignatureType = (typeof SignatureType)[keyof typeof SignatureType] | (string & {});

/**
 * Source of a signature timestamp. Newer engines may add sources.
 *
 * @enum
 * @category Images
 */
export const SignatureTimestampType = {
  /** Transparency log. */
  Tlog: "Tlog",
  /** Timestamp authority. */
  TimestampAuthority: "TimestampAuthority",
} as const;

/** Source of a signature timestamp. Newer engines may add sources. @category Images */
export type SignatureTimestampType = (typeof SignatureTimestampType)[keyof typeof SignatureTimestampType] | (string & {});

/**
 * Signer that is known to the engine. Newer engines may add signers.
 *
 * @enum
 * @category Images
 */
export const KnownSignerIdentity = {
  /** Docker Hardened Images. */
  DHI: "DHI",
} as const;

/** Signer that is known to the engine. Newer engines may add signers. @category Images */
export type KnownSignerIdentity = (typeof KnownSignerIdentity)[keyof typeof KnownSignerIdentity] | (string & {});

/** Verified timestamp of a signature. Added in API 1.53. @category Images */
export interface SignatureTimestamp {
  /** Source of the timestamp. */
  Type?: SignatureTimestampType;
  /** URI of the transparency log or the timestamp authority. */
  URI?: string;
  /** Timestamp, in RFC 3339 format. */
  Timestamp?: string;
}

/**
 * Identity from the certificate of a signer, including the source and the run of a CI build. The fields
 * follow the extensions of Fulcio certificates. Added in API 1.53.
 *
 * @category Images
 */
export interface SignerIdentity {
  /** Issuer of the certificate. */
  CertificateIssuer?: string;
  /** Name of the signer: an email address or a workflow URI. */
  SubjectAlternativeName?: string;
  /** OpenID Connect issuer that authenticated the signer. */
  Issuer?: string;
  /** URI of the build instructions that created the signature. */
  BuildSignerURI?: string;
  /** Digest of the build instructions that created the signature. */
  BuildSignerDigest?: string;
  /** Whether the build ran on hosted or self-hosted infrastructure. */
  RunnerEnvironment?: string;
  /** URI of the source repository. */
  SourceRepositoryURI?: string;
  /** Commit digest of the source. */
  SourceRepositoryDigest?: string;
  /** Branch or tag of the source. */
  SourceRepositoryRef?: string;
  /** Immutable identifier of the source repository. */
  SourceRepositoryIdentifier?: string;
  /** URI of the repository owner. */
  SourceRepositoryOwnerURI?: string;
  /** Immutable identifier of the repository owner. */
  SourceRepositoryOwnerIdentifier?: string;
  /** URI of the top-level build configuration. */
  BuildConfigURI?: string;
  /** Digest of the top-level build configuration. */
  BuildConfigDigest?: string;
  /** Event that triggered the build, such as `push`. */
  BuildTrigger?: string;
  /** URI of the build run. */
  RunInvocationURI?: string;
  /** Visibility of the source repository at signing time. */
  SourceRepositoryVisibilityAtSigning?: string;
}

/** A signature that the engine has checked. Added in API 1.53. @category Images */
export interface SignatureIdentity {
  /** Human-readable description of the signature type. */
  Name?: string;
  /** Verified timestamps of the signature. */
  Timestamps?: SignatureTimestamp[];
  /** Known signer, if the engine recognizes it. */
  KnownSigner?: KnownSignerIdentity;
  /** Image reference that was signed. Set only for older signature formats. */
  DockerReference?: string;
  /** Identity from the certificate of the signer. */
  Signer?: SignerIdentity;
  /** Format of the signature. */
  SignatureType?: SignatureType;
  /** Reason why verification failed. All other fields are absent in this case. */
  Error?: string;
  /** Warnings of a successful verification, such as stale trust roots. */
  Warnings?: string[];
}

/** A repository that the image was pulled from or pushed to. Added in API 1.53. @category Images */
export interface PullIdentity {
  /** Name of the repository, even if a mirror was used. */
  Repository?: string;
}

/** A build on this engine that created the image. Added in API 1.53. @category Images */
export interface BuildIdentity {
  /** Reference of the build in the BuildKit history. */
  Ref?: string;
  /** Time of the build, in RFC 3339 format. */
  CreatedAt?: string;
}

/** Verified origin of an image. Tagging does not change it. Added in API 1.53. @category Images */
export interface Identity {
  /** Verified signatures. */
  Signature?: SignatureIdentity[];
  /** Repositories that the image was pulled from. */
  Pull?: PullIdentity[];
  /** Builds that created the image. */
  Build?: BuildIdentity[];
}
