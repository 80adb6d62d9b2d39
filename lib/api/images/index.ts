import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ImageAttestationsMixin from "./attestations.js";
import ImageCommitMixin from "./commit.js";
import ImageDistributionMixin from "./distribution.js";
import ImageExportMixin from "./export.js";
import ImageHistoryMixin from "./history.js";
import ImageImportMixin from "./import.js";
import ImageInspectMixin from "./inspect.js";
import ImageListMixin from "./list.js";
import ImageLoadMixin from "./load.js";
import ImagePruneMixin from "./prune.js";
import ImagePullMixin from "./pull.js";
import ImagePushMixin from "./push.js";
import ImageRemoveMixin from "./remove.js";
import ImageSearchMixin from "./search.js";
import ImageTagMixin from "./tag.js";

export * from "./attestations.js";
export * from "./commit.js";
export * from "./distribution.js";
export * from "./export.js";
export * from "./history.js";
export * from "./import.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./load.js";
export * from "./prune.js";
export * from "./pull.js";
export * from "./push.js";
export * from "./remove.js";
export * from "./search.js";
export * from "./tag.js";

const parts = [
  ImageDistributionMixin,
  ImageAttestationsMixin,
  ImageCommitMixin,
  ImageExportMixin,
  ImageHistoryMixin,
  ImageImportMixin,
  ImageInspectMixin,
  ImageListMixin,
  ImageLoadMixin,
  ImagePruneMixin,
  ImagePullMixin,
  ImagePushMixin,
  ImageRemoveMixin,
  ImageSearchMixin,
  ImageTagMixin,
] as const;

/** The operations on images. Mixed into {@link Client}. */
abstract class ImageApi extends Connection {}
interface ImageApi extends Merged<typeof parts> {}
mixin(ImageApi, parts);

export default ImageApi;
