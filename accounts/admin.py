"""The operators' admin: who works where. Nobody's casework is in it, nor in any other app's admin."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin as AllauthAuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from accounts.enums import Role
from accounts.models import Membership, Organisation, Practice, User

# Sign in as everywhere else: with its second step, and its limit on tries.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "Linkwork, for operators"
admin.site.site_title = "Linkwork"
admin.site.index_title = "Who works where"
admin.site.site_url = None
admin.site.unregister([Group, Authenticator])


class MembershipForm(forms.ModelForm):
    """Says in words what the database would refuse."""

    def clean(self):
        at_practice = self.cleaned_data.get("role") == Role.PRACTICE_STAFF
        practice, organisation = (self.cleaned_data.get(place) for place in ["practice", "organisation"])
        if bool(practice) != at_practice or bool(organisation) == at_practice:
            self.add_error("role", "Link workers and managers belong to an organisation, practice staff to a practice")


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipForm
    extra = 0
    autocomplete_fields = ["user", "organisation", "practice"]


class LowerEmailField(forms.EmailField):
    """People sign in by e-mail, in capitals or not."""

    def to_python(self, value):
        return super().to_python(value).lower()


class UserAddForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        field_classes = {"email": LowerEmailField}


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": LowerEmailField}


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    add_form = UserAddForm
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("May sign in", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["joined_at", "last_login"]}),
    ]
    readonly_fields = ["joined_at", "last_login"]
    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    ordering = ["name", "id"]
    filter_horizontal = []
    inlines = [MembershipInline]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "nation", "phone"]
    list_filter = ["nation"]
    search_fields = ["name"]
    ordering = ["name", "id"]
    autocomplete_fields = ["practices"]
    readonly_fields = ["created_at"]


@admin.register(Practice)
class PracticeAdmin(admin.ModelAdmin):
    list_display = ["name", "ods_code", "cluster", "nation", "is_deep_end"]
    list_filter = ["nation", "is_deep_end"]
    search_fields = ["name", "ods_code", "cluster"]
    ordering = ["name", "id"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = MembershipForm
    list_display = ["user", "role", "place", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["user", "organisation", "practice"]
    search_fields = ["user__name", "user__email", "organisation__name", "practice__name"]
    ordering = ["user__name", "id"]
    autocomplete_fields = ["user", "organisation", "practice"]


@admin.register(Authenticator)
class AuthenticatorAdmin(AllauthAuthenticatorAdmin):
    """For somebody who has lost their phone: it can be taken away here, and its secret never read."""

    fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
