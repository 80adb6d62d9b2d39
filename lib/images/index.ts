import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { ImagePull } from "./pull.js";

/** The operations on images. Part of {@link Client}. */
export abstract class ImageApi extends Connection {}
export interface ImageApi extends ImagePull {}
mixin(ImageApi, [ImagePull]);
