/**
 * What users write and see of credentials. Secrets go in and never come out here.
 *
 * <p>Start at {@link CredentialController}; {@link NewCredential} is what a user sends, {@link Draft} the same once it is
 * known to make sense, {@link CredentialService} the use cases. A credential belongs to the project or to one user in it;
 * {@link CredentialLookup} says who may do what with which.
 */
@NullMarked
package dev.slipway.credential.store;

import org.jspecify.annotations.NullMarked;
