package dev.slipway.gateway.door;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;

/** Gives controllers the {@link Admission} of the request. */
@Singleton
final class AdmissionBinder implements TypedRequestArgumentBinder<Admission> {
    private static final Argument<Admission> TYPE = Argument.of(Admission.class);

    @Override
    public Argument<Admission> argumentType() {
        return TYPE;
    }

    @Override
    public BindingResult<Admission> bind(ArgumentConversionContext<Admission> context, HttpRequest<?> source) {
        return () -> source.getAttribute(GuardFilter.ATTRIBUTE, Admission.class);
    }
}
