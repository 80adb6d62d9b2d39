/**
 * The format of an image's signature. Newer engines may name others.
 *
 * @enum
 * @category Images
 */
export const SignatureType = {
  /** A sigstore bundle, version 0.3. */
  BundleV03: "bundle-v0.3",
  /** Cosign's simple signing, version 1. */
  SimpleSigningV1: "simplesigning-v1",
} as const;

/** The format of an image's signature. Newer engines may name others. @category Images */
export type SignatureType = (typeof SignatureType)[keyof typeof SignatureType] | (string & {});

/**
 * Who vouches for the time of a signature. Newer engines may name others.
 *
 * @enum
 * @category Images
 */
export const SignatureTimestampType = {
  /** A transparency log. */
  Tlog: "Tlog",
  /** A timestamp authority. */
  TimestampAuthority: "TimestampAuthority",
} as const;

/** Who vouches for the time of a signature. Newer engines may name others. @category Images */
export type SignatureTimestampType = (typeof SignatureTimestampType)[keyof typeof SignatureTimestampType] | (string & {});

/**
 * A signer that the engine knows by itself. Newer engines may name others.
 *
 * @enum
 * @category Images
 */
export const KnownSignerIdentity = {
  /** Docker Hardened Images. */
  DHI: "DHI",
} as const;

/** A signer that the engine knows by itself. Newer engines may name others. @category Images */
export type KnownSignerIdentity = (typeof KnownSignerIdentity)[keyof typeof KnownSignerIdentity] | (string & {});

/** A verified time at which a signature was made. API 1.53+. @category Images */
export interface SignatureTimestamp {
  /** Who vouches for the time. */
  Type?: SignatureTimestampType;
  /** Where that log or authority is found. */
  URI?: string;
  /** The time, in RFC 3339. */
  Timestamp?: string;
}

/**
 * What the certificate of a signer says: who it is, and for a build in CI which run of which source. The fields follow the
 * extensions of certificates that Fulcio issues. API 1.53+.
 *
 * @category Images
 */
export interface SignerIdentity {
  /** Issuer of the certificate. */
  CertificateIssuer?: string;
  /** The signer's name: a mail address or the URI of a workflow. */
  SubjectAlternativeName?: string;
  /** The OpenID Connect issuer that the signer logged in with. */
  Issuer?: string;
  /** The build instructions that signed, as a URI. */
  BuildSignerURI?: string;
  /** Version of those build instructions, as a digest. */
  BuildSignerDigest?: string;
  /** Whether the build ran on the platform's own machines or on somebody else's. */
  RunnerEnvironment?: string;
  /** Repository that was built. */
  SourceRepositoryURI?: string;
  /** Commit that was built. */
  SourceRepositoryDigest?: string;
  /** Branch or tag that was built. */
  SourceRepositoryRef?: string;
  /** Unchanging number or name of the repository. */
  SourceRepositoryIdentifier?: string;
  /** Owner of the repository, as a URI. */
  SourceRepositoryOwnerURI?: string;
  /** Unchanging number or name of the owner. */
  SourceRepositoryOwnerIdentifier?: string;
  /** The build's top configuration file, as a URI. */
  BuildConfigURI?: string;
  /** Version of that configuration file, as a digest. */
  BuildConfigDigest?: string;
  /** What started the build, such as `push`. */
  BuildTrigger?: string;
  /** The build's run, as a URI. */
  RunInvocationURI?: string;
  /** Whether the repository was public or private when the signature was made. */
  SourceRepositoryVisibilityAtSigning?: string;
}

/** A signature of an image that the engine has checked. API 1.53+. @category Images */
export interface SignatureIdentity {
  /** What kind of signature it is, in words. */
  Name?: string;
  /** Verified times of the signature. */
  Timestamps?: SignatureTimestamp[];
  /** Set when the engine knows the signer. */
  KnownSigner?: KnownSignerIdentity;
  /** The image reference that was signed. Only signatures of the older formats have it. */
  DockerReference?: string;
  /** What the signer's certificate says. */
  Signer?: SignerIdentity;
  /** Format of the signature. */
  SignatureType?: SignatureType;
  /** Why the check failed. The other fields are absent then. */
  Error?: string;
  /** What was odd about a check that succeeded, such as trust roots that could not be renewed. */
  Warnings?: string[];
}

/** A repository that an image was pulled from, or pushed to. API 1.53+. @category Images */
export interface PullIdentity {
  /** Name of the repository, also where a mirror stood in for it. */
  Repository?: string;
}

/** A build on this engine that made an image. API 1.53+. @category Images */
export interface BuildIdentity {
  /** The build's reference in the history of BuildKit. */
  Ref?: string;
  /** When it was built, in RFC 3339. */
  CreatedAt?: string;
}

/**
 * Where an image comes from, as far as the engine has verified it; giving the image another name changes nothing here. API
 * 1.53+.
 *
 * @category Images
 */
export interface Identity {
  /** Signatures that were checked. */
  Signature?: SignatureIdentity[];
  /** Repositories that it was pulled from. */
  Pull?: PullIdentity[];
  /** Builds that made it. */
  Build?: BuildIdentity[];
}
