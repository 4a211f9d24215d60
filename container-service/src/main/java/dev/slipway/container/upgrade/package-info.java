/**
 * Connections that stop being HTTP: terminals and the WebSockets of previews. The framework ends WebSockets itself and tells text
 * from binary frames for nobody, so requests of that kind are taken out of its hands behind the HTTP codec.
 *
 * <p>{@link UpgradeInstaller} puts an {@link UpgradeHandler} into each connection; a feature that wants such requests has an
 * {@link UpgradeRoute}.
 */
@NullMarked
package dev.slipway.container.upgrade;

import org.jspecify.annotations.NullMarked;
